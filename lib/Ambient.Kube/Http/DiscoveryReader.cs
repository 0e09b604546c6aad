using System.Collections.Immutable;
using System.Text.Json;

namespace Ambient.Kube.Http;

/// <summary>Reads discovery, by aggregated documents (apidiscovery.k8s.io v2, v2beta1) or the older lists.</summary>
internal static class DiscoveryReader
{
    private const string Accept =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
        + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    private static readonly string[] Roots = ["/api", "/apis"];

    public static async Task<ImmutableArray<ApiResource>> ReadAsync(KubeTransport transport, CancellationToken cancellation)
    {
        var resources = ImmutableArray.CreateBuilder<ApiResource>();
        foreach (string root in Roots)
        {
            // Not every server has both; a group of one CRD server may be all there is.
            using JsonDocument? document = await TryGetAsync(transport, root, Accept, cancellation);
            switch (document?.RootElement.TryGetProperty("kind", out JsonElement kind) == true ? kind.GetString() : null)
            {
                case "APIGroupDiscoveryList":
                    AggregatedDiscovery.AddTo(resources, document!.RootElement);
                    break;
                case "APIVersions":
                    foreach (JsonElement version in LegacyDiscovery.Items(document!.RootElement, "versions"))
                    {
                        await AddLegacyAsync(transport, resources, "/api/" + version.GetString(), cancellation);
                    }

                    break;
                case "APIGroupList":
                    foreach (string groupVersion in LegacyDiscovery.GroupVersions(document!.RootElement))
                    {
                        await AddLegacyAsync(transport, resources, "/apis/" + groupVersion, cancellation);
                    }

                    break;
                default:
                    break;
            }
        }

        return resources.ToImmutable();
    }

    private static async Task AddLegacyAsync(
        KubeTransport transport, ImmutableArray<ApiResource>.Builder resources, string path, CancellationToken cancellation)
    {
        // An aggregated API server that is away answers 503 for its group alone: the others must not be lost with it.
        using JsonDocument? list = await TryGetAsync(transport, path, "application/json", cancellation);
        if (list is not null)
        {
            LegacyDiscovery.AddTo(resources, list.RootElement);
        }
    }

    private static async Task<JsonDocument?> TryGetAsync(
        KubeTransport transport, string path, string accept, CancellationToken cancellation)
    {
        try
        {
            return JsonDocument.Parse(await transport.ReadAsync(KubeRequest.Get(path) with { Accept = accept }, cancellation));
        }
        catch (KubeException e) when (e.Code is 404 or 406 || (e.Code >= 500 && path.Count(c => c == '/') > 2))
        {
            return null;
        }
    }
}
