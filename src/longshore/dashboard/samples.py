"""A file to try: a few articles as a supplier might send them, of which two cannot be imported."""

SAMPLE_NAME = "sample articles.csv"

_COLORS = ("Red", "Blue", "Green", "Black")
_THINGS = (("CUP", "Cup", "320", "gr"), ("BAG", "Bag", "450", "gr"), ("CAP", "Cap", "3", "oz"))
_HEADER = "code,name,description,weight,unit_of_weight,do_not_ship"
# Rows with the mistakes that files really have: a unit that is not known, and no number.
_MISTAKES = (
    "LAMP-1,Lamp,Of steel,2,kg,true",
    "LAMP-2,Lamp small,Of glass,about 400,gr,true",
)


def _rows() -> list[str]:
    found = []
    for code, name, weight, unit in _THINGS:
        for color in _COLORS:
            number = f"{code}-{color.upper()}"
            found.append(f"{number},{name} {color},A {color.lower()} one,{weight},{unit},true")
    return found


SAMPLE = "\n".join([_HEADER, *_rows(), *_MISTAKES, ""]).encode()
