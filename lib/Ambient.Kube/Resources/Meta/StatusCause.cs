namespace Ambient.Kube.Resources;

/// <summary>meta/v1 StatusCause: one field and why it was refused.</summary>
public sealed record StatusCause
{
    public string? Field { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }
}
