"""Everything that comes in from or goes out to others: sheets, intake, bundles, reports. No Qt, no sentences."""
