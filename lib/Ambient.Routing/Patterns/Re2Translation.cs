namespace Ambient.Routing.Patterns;

internal sealed record Re2Translation(string Expression, string LiteralPrefix, int Groups);
