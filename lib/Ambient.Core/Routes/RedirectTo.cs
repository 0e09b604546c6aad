namespace Ambient.Core.Routes;

/// <summary>HTTP redirect: what is null stays as requested.</summary>
public sealed record RedirectTo
{
    public int Status { get; init; } = 302;

    public string? Scheme { get; init; }

    /// <summary>Host without port.</summary>
    public string? Host { get; init; }

    public int? Port { get; init; }

    public RedirectPort PortWhenUnset { get; init; }

    /// <summary>The query is kept.</summary>
    public PathRewrite? Path { get; init; }
}
