"""Processes for tests that need several: forked from one that has imported everything already."""

import multiprocessing

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.faults.worker", "tests.studio.test_budget"])
