using System.Text;

namespace Ambient.Hbone.Headers;

/// <summary>
/// The <c>baggage</c> of an HBONE request or answer: labels of one workload, for telemetry only. Keys and their order are the ones that
/// ztunnel writes; values are plain, not percent-encoded. Missing is null.
/// </summary>
public sealed record Baggage
{
    private const int MaxLength = 4096;
    private const int MaxMembers = 64;
    private const int MaxValue = 253;

    public string? Cluster { get; init; }

    public string? Namespace { get; init; }

    /// <summary><c>deployment</c>, <c>cronjob</c>, <c>pod</c> or <c>job</c>; the key that carries the name.</summary>
    public string? WorkloadType { get; init; }

    public string? WorkloadName { get; init; }

    /// <summary>The canonical name.</summary>
    public string? ServiceName { get; init; }

    /// <summary>The canonical revision.</summary>
    public string? ServiceVersion { get; init; }

    public string? Region { get; init; }

    public string? Zone { get; init; }

    /// <summary>Never throws: unknown keys and values that cannot be are skipped, a header above 4 KiB is ignored whole.</summary>
    public static Baggage Parse(string? header)
    {
        Baggage baggage = new();
        if (header is null || header.Length > MaxLength)
        {
            return baggage;
        }

        int members = 0;
        foreach (Range range in header.AsSpan().Split(','))
        {
            if (++members > MaxMembers)
            {
                break;
            }

            ReadOnlySpan<char> member = header.AsSpan(range);
            // Properties after a ';' are allowed by the W3C form and mean nothing here.
            int properties = member.IndexOf(';');
            member = (properties < 0 ? member : member[..properties]).Trim(' ');
            int equals = member.IndexOf('=');
            if (equals > 0)
            {
                string value = member[(equals + 1)..].Trim(' ').ToString();
                baggage = IsValue(value) ? baggage.With(member[..equals].TrimEnd(' '), value) : baggage;
            }
        }

        return baggage;
    }

    /// <summary>The header's value, members that are missing or cannot be written left out; empty when none is left.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        Append(text, "k8s.cluster.name", Cluster);
        Append(text, "k8s.namespace.name", Namespace);
        if (WorkloadType is "deployment" or "cronjob" or "pod" or "job")
        {
            Append(text, $"k8s.{WorkloadType}.name", WorkloadName);
        }

        Append(text, "service.name", ServiceName);
        Append(text, "service.version", ServiceVersion);
        Append(text, "cloud.region", Region);
        Append(text, "cloud.availability_zone", Zone);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string key, string? value)
    {
        if (IsValue(value))
        {
            text.Append(text.Length > 0 ? "," : "").Append(key).Append('=').Append(value);
        }
    }

    // Visible ASCII but the characters that structure the header.
    private static bool IsValue(string? value) =>
        value is { Length: > 0 and <= MaxValue }
        && !value.AsSpan().ContainsAnyExceptInRange('!', '~') && !value.AsSpan().ContainsAny(",;\"\\=");

    // The first of several wins.
    private Baggage With(ReadOnlySpan<char> key, string value) => key switch
    {
        "k8s.cluster.name" => this with { Cluster = Cluster ?? value },
        "k8s.namespace.name" => this with { Namespace = Namespace ?? value },
        "service.name" => this with { ServiceName = ServiceName ?? value },
        "service.version" => this with { ServiceVersion = ServiceVersion ?? value },
        "cloud.region" => this with { Region = Region ?? value },
        "cloud.availability_zone" => this with { Zone = Zone ?? value },
        "k8s.deployment.name" => Workload("deployment", value),
        "k8s.cronjob.name" => Workload("cronjob", value),
        "k8s.pod.name" => Workload("pod", value),
        "k8s.job.name" => Workload("job", value),
        _ => this,
    };

    private Baggage Workload(string type, string value) =>
        WorkloadName is null ? this with { WorkloadType = type, WorkloadName = value } : this;
}
