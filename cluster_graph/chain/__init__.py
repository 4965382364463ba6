"""The reference value chain: products, their inputs, prices and gates. Knows no company."""
