namespace Ambient.Core.Requests;

/// <summary>A request without headers.</summary>
public sealed class NoHeaders : IRequestHeaders
{
    private NoHeaders()
    {
    }

    public static NoHeaders Instance { get; } = new();

    public string? ValueOf(string name) => null;
}
