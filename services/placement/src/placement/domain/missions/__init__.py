"""Expert missions: request, team, itinerary, activities, outcomes (P-06, P-07, X-01, X-02)."""
