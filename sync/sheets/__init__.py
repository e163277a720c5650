"""Any spreadsheet a village or an office may hold, as rows, tables and roster people."""
