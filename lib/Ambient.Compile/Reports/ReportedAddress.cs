using System.Net;

namespace Ambient.Compile.Reports;

/// <summary>An entry of a Gateway's <c>status.addresses</c>. <paramref name="Type"/>: <c>IPAddress</c> or <c>Hostname</c>.</summary>
public sealed record ReportedAddress(string Type, string Value)
{
    public const string Hostname = "Hostname";

    public static ReportedAddress Of(string value) => new(IPAddress.TryParse(value, out _) ? "IPAddress" : Hostname, value);
}
