"""What people press: messages with components that go on working after a restart."""
