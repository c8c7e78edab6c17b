"""Languages, learning paths, servers' settings, and the logs that name nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("preferences") as table:
        table.add_column(sa.Column("language", sa.String(10), nullable=True))
    op.create_table(
        "understood",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("slug", sa.String(200), primary_key=True),
        _time("at"),
    )
    op.create_table(
        "servers",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, primary_key=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        _time("updated_at"),
    )
    _log(
        "gaps",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("slug", sa.String(200), nullable=True),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
    )
    _log(
        "feedback",
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("generation", sa.String(80), nullable=False),
    )
    _log(
        "served",
        sa.Column("how", sa.String(20), nullable=False),
        sa.Column("slug", sa.String(200), nullable=True),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("milliseconds", sa.Float(), nullable=False),
    )
    _log(
        "deeds",
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
    )


def downgrade() -> None:
    """Undo."""
    for name in ("deeds", "served", "feedback", "gaps", "servers", "understood"):
        op.drop_table(name)
    with op.batch_alter_table("preferences") as table:
        table.drop_column("language")


def _time(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _log(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(name, sa.Column("id", sa.Integer(), primary_key=True), _time("at"), *columns)
    op.create_index(f"ix_{name}_at", name, ["at"])
