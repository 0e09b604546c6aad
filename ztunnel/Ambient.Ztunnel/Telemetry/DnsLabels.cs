using Ambient.Proxy.Telemetry;
using Ambient.Ztunnel.Dns;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>What the <c>istio_dns_*</c> series are told apart by (reference 5.1).</summary>
/// <param name="Type">0 for a question that is not understood.</param>
/// <param name="Tcp">Else UDP.</param>
/// <param name="Service">Canonical name of the asking workload; empty when unknown.</param>
/// <param name="Revision">Its canonical revision.</param>
internal readonly record struct DnsLabels(DnsType Type, bool Tcp, string Service, string Revision)
{
    internal string Text() => PrometheusText.Labels(
        ("request_query_type", NameOf((ushort)Type)),
        ("request_protocol", Tcp ? "tcp" : "udp"),
        ("source_canonical_service", Or(Service)),
        ("source_canonical_revision", Or(Revision)));

    /// <summary>Types beyond these are one, so that a pod cannot make series at will.</summary>
    internal DnsLabels Bounded() => NameOf((ushort)Type) == "unknown" ? this with { Type = 0 } : this;

    private static string NameOf(ushort type) => type switch
    {
        1 => "A",
        2 => "NS",
        5 => "CNAME",
        6 => "SOA",
        12 => "PTR",
        15 => "MX",
        16 => "TXT",
        28 => "AAAA",
        33 => "SRV",
        65 => "HTTPS",
        255 => "ANY",
        _ => "unknown",
    };

    private static string Or(string text) => text.Length > 0 ? text : "unknown";
}
