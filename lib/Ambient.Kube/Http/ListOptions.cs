namespace Ambient.Kube.Http;

/// <summary>meta/v1 ListOptions for a list.</summary>
public sealed record ListOptions
{
    public static ListOptions None { get; } = new();

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>Objects a page; null lets the server send all at once.</summary>
    public int? Limit { get; init; }

    public string? Continue { get; init; }

    /// <summary><c>0</c> accepts what the server has cached; null asks for the newest.</summary>
    public string? ResourceVersion { get; init; }
}
