using System.Net;

namespace Ambient.Compile.Reports;

/// <summary>An entry of <c>status.addresses</c>. <paramref name="Type"/>: <c>IPAddress</c> or <c>Hostname</c>; a ServiceEntry's entries have none but the host instead.</summary>
public sealed record ReportedAddress(string Type, string Value)
{
    /// <summary>Of a ServiceEntry, the host that the address stands for; null otherwise.</summary>
    public string? Host { get; init; }

    public const string Hostname = "Hostname";

    public const string IpAddress = "IPAddress";

    public static ReportedAddress Of(string value) => new(IPAddress.TryParse(value, out _) ? IpAddress : Hostname, value);
}
