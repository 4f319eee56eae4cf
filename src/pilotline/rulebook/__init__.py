"""What a department may decide, as data: typed reading, checking and versioning of a rulebook.

In: a folder of YAML files (`read_folder`) or the JSON content of a stored release
(`Rulebook.from_content`). Out: faults with file, line and a plain sentence (`check`), a frozen
`Rulebook` with typed lists, its canonical content and hash, and the changes between two of them.
Pure: no database, no clock; a day that matters is an argument. No code here or above names a
region, a city, a field or a tier: all of that is in the folder.
"""

from pilotline.rulebook.attribute import Attribute, AttributeValue
from pilotline.rulebook.book import Rulebook, StrangeContent
from pilotline.rulebook.form import Form, FormField, Missing, Option
from pilotline.rulebook.model import Entry, Listing, Text

__all__ = [
    "Attribute",
    "AttributeValue",
    "Entry",
    "Form",
    "FormField",
    "Listing",
    "Missing",
    "Option",
    "Rulebook",
    "StrangeContent",
    "Text",
]
