namespace Ambient.Core.Routes;

/// <summary>ServiceProfile responseClasses: statuses from <paramref name="Min"/> to <paramref name="Max"/>, both included; the first that fits counts.</summary>
public sealed record ResponseClass(int Min, int Max, bool IsFailure);
