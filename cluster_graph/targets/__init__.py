"""Whom to recruit: recruitable products, scored, with reasons and leads."""
