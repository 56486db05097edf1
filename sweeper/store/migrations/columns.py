"""Types of columns that the steps share, as they were when the steps were written: text that compares bytewise."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine


def short(length: int) -> TypeEngine[str]:
    """Text of at most ``length`` characters that can be part of a key."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql").with_variant(
        mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
    )


def long() -> TypeEngine[str]:
    """Text of any length."""
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql").with_variant(
        mysql.LONGTEXT(charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
    )
