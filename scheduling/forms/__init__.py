"""What people type about bookings, sessions, seats and tallies; cleaned into final types."""
