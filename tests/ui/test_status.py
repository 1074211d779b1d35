from tests.ui.conftest import *
from tests.ui.test_pages import written
def test_x(studio):
    tab=studio.open("../pages/status.py")
    print(written(tab)); 
    until(lambda: not services.probe().look().is_asking)
    tab.run(); print("-----"); print(written(tab)); assert not tab.exception
