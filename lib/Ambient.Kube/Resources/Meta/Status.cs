namespace Ambient.Kube.Resources;

/// <summary>meta/v1 Status: what the server answers when it refuses.</summary>
public sealed record Status
{
    /// <summary>HTTP status code.</summary>
    public int Code { get; init; }

    /// <summary>Machine-readable, e.g. NotFound, AlreadyExists, Conflict, Expired, Invalid.</summary>
    public string Reason { get; init; } = "";

    public string Message { get; init; } = "";

    /// <summary>Success or Failure.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("status")]
    public string? Result { get; init; }

    public StatusDetails? Details { get; init; }
}
