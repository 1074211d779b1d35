"""Run by Alembic, inside the connection and transaction that studio.database hands over."""

from alembic import context

from studio.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
