"""Watching a running bot from outside: metrics, health, readiness."""
