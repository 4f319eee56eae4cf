"""English texts of the demonstration read as sentences, whatever is drawn for them."""

import pytest

from pilotline.config.demonstration import folder
from pilotline.config.demonstration.material import Material, in_english


@pytest.mark.parametrize(
    ("template", "drawn", "said"),
    [
        ("Prototype of {p_en}", "A drone wing", "Prototype of a drone wing"),
        ("Packaging of {p_en}", "An automotive IGBT", "Packaging of an automotive IGBT"),
        ("{p_en}: pressure", "a PEM electrolyser", "A PEM electrolyser: pressure"),
        ("{p_en}: dose", "mRNA lipid nanoparticles", "mRNA lipid nanoparticles: dose"),
        ("Scale-up of {p_en}", "L. plantarum", "Scale-up of L. plantarum"),
        ("Growth of {p_en}", "P-type SiC", "Growth of P-type SiC"),
    ],
)
def test_what_was_drawn_takes_the_letter_of_its_place(template, drawn, said):
    assert in_english(template, {"p_en": drawn, "v": 3}) == said


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_facility_is_told_in_words_of_its_own(language):
    facilities = Material.read(folder()).facilities
    told = {row["says"][language] for row in facilities}
    assert len(told) == len(facilities) > 40
    assert min(map(len, told)) > 30
