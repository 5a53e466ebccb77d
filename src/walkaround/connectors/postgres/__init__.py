"""PostgreSQL, through ADBC, with a projection made for each type: the driver alone is not faithful, the server is."""

from walkaround.connectors.postgres.dialect import Postgres
from walkaround.connectors.sql.connector import SqlConnector

CONNECTOR = SqlConnector(Postgres())
