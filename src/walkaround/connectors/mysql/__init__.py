"""MySQL and MariaDB, through PyMySQL with its decoders off: what arrives is the server's own text, and stays so."""

from walkaround.connectors.mysql.dialect import MySql
from walkaround.connectors.sql.connector import SqlConnector

CONNECTOR = SqlConnector(MySql())
