namespace Ambient.Kube.Resources;

/// <summary>meta/v1 StatusDetails.</summary>
public sealed record StatusDetails
{
    public string? Name { get; init; }

    public string? Group { get; init; }

    public string? Kind { get; init; }

    public int? RetryAfterSeconds { get; init; }

    public IReadOnlyList<StatusCause> Causes { get; init => field = value ?? []; } = [];
}
