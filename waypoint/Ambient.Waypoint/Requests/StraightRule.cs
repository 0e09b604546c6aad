using Ambient.Core.Routes;

namespace Ambient.Waypoint.Requests;

/// <summary>What holds where there are no routes: straight to what was addressed.</summary>
internal static class StraightRule
{
    public static HttpRule Instance { get; } = new()
    {
        Origin = new RouteOrigin("", "", "", -1),
        Action = new RouteAction.Forward([]),
    };
}
