"""Who a candidate is: identity numbers, the person vault."""
