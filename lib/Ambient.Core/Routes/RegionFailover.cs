namespace Ambient.Core.Routes;

public sealed record RegionFailover(string From, string To);
