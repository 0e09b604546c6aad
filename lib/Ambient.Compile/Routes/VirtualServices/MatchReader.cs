using System.Collections.Immutable;
using System.Net;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.VirtualServices;

/// <summary>HTTPMatchRequest, TLSMatchAttributes and L4MatchAttributes.</summary>
internal sealed class MatchReader(string @namespace)
{
    public WrittenMatch Http(JsonView m) => new(
        new HttpMatch
        {
            Name = m.Text("name"),
            Path = StringConditions.Path(m["uri"], m.Flag("ignoreUriCase")),
            Scheme = StringConditions.Text(m["scheme"]),
            Method = StringConditions.Text(m["method"]),
            Authority = StringConditions.Text(m["authority"]),
            Headers = StringConditions.Headers(m, "headers"),
            WithoutHeaders = StringConditions.Headers(m, "withoutHeaders"),
            QueryParameters = StringConditions.Parameters(m, "queryParams"),
            Port = m.Port("port"),
            SourceLabels = m.Map("sourceLabels").ToImmutableSortedDictionary(StringComparer.Ordinal),
            SourceNamespace = m.Text("sourceNamespace") is { Length: > 0 } ns ? ns : null,
        },
        Gateways(m));

    public WrittenStreamMatch Tls(JsonView m)
    {
        var names = m.Texts("sniHosts").Select(static n => n.ToLowerInvariant()).ToImmutableArray();
        return names.IsEmpty
            ? throw new FieldException($"{m.Path}.sniHosts", "is required")
            : new WrittenStreamMatch(names, Connection(m), Gateways(m));
    }

    public WrittenStreamMatch Tcp(JsonView m) => new([], Connection(m), Gateways(m));

    private static ConnectionMatch Connection(JsonView m) => new()
    {
        DestinationSubnets = [.. m.List("destinationSubnets").Select(Range)],
        Port = m.Port("port"),
        SourceNamespace = m.Text("sourceNamespace") is { Length: > 0 } ns ? ns : null,
        SourceLabels = m.Map("sourceLabels").ToImmutableSortedDictionary(StringComparer.Ordinal),
    };

    private ImmutableArray<string> Gateways(JsonView m) => [.. m.Texts("gateways").Select(g => GatewayNames.Full(g, @namespace))];

    private static IPNetwork Range(JsonView view) => IpText.TryRange(view.Text() ?? "", out var range)
        ? range
        : throw new FieldException(view.Path, "is neither an IP address nor a CIDR");
}
