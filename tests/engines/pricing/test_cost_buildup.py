"""What an hour ought to cost: faults all at once, and management as a share."""

from decimal import Decimal as D

import pytest

from pilotline.engines.pricing.buildup import CostBasis, build_up, faults_of_basis
from pilotline.engines.pricing.problem import Unpriceable


def test_every_fault_of_a_cost_basis_at_once():
    basis = CostBasis(
        value=D(-1),
        years=D(0),
        hours=D(0),
        maintenance_share=D(2),
        maintenance=D(1),
        others=(("x", D(-1)),),
    )
    assert {(f.code, f.at) for f in faults_of_basis(basis)} == {
        ("negative", "value"),
        ("zero", "years"),
        ("zero", "hours"),
        ("not-a-share", "maintenance_share"),
        ("share-and-amount", "maintenance"),
        ("negative", "others.0"),
    }
    with pytest.raises(Unpriceable):
        build_up(basis)


def test_management_is_a_share_of_the_parts_before_it():
    basis = CostBasis(
        value=D(100000),
        years=D(10),
        hours=D(1000),
        maintenance=D(5),
        labour=D(60),
        management_share=D("0.1"),
    )
    built = build_up(basis)
    assert [(p.kind, p.amount) for p in built.parts] == [
        ("depreciation", 10),
        ("maintenance", 5),
        ("labour", 60),
        ("management", D("7.5")),
    ]
    assert built.price == D("82.5")
