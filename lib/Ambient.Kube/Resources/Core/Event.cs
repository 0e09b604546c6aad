namespace Ambient.Kube.Resources;

/// <summary>core/v1 Event, which <c>kubectl describe</c> shows.</summary>
public sealed record Event : KubeObject, IKubeObject<Event>
{
    public static GroupKind GroupKind { get; } = new("", "Event");

    public ObjectReference InvolvedObject { get; init; } = new();

    public string Reason { get; init; } = "";

    public string Message { get; init; } = "";

    /// <summary>Normal or Warning.</summary>
    public string Type { get; init; } = "Normal";

    public int? Count { get; init; }

    public DateTimeOffset? FirstTimestamp { get; init; }

    public DateTimeOffset? LastTimestamp { get; init; }

    public EventSource? Source { get; init; }

    public string? ReportingComponent { get; init; }

    public string? ReportingInstance { get; init; }
}
