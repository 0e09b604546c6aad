namespace Ambient.Core.Routes;

public sealed record HeaderValue(string Name, string Value);
