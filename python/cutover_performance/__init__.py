"""Reads MySQL and MariaDB query logs: statement shapes, rates, latencies, charts."""
