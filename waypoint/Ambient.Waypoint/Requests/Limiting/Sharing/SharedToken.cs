using Ambient.Routing.Resilience;

namespace Ambient.Waypoint.Requests.Limiting.Sharing;

/// <summary>What was said about a token of a shared limit, and how it is given back to whoever gave it.</summary>
internal readonly record struct SharedToken(TokenVerdict Verdict, Action GiveBack);
