using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;
using Ambient.Kube.Emulator.Writing;

namespace Ambient.Kube.Emulator;

/// <summary>What is there from the start: system namespaces, the Service of the API server itself, the CRDs asked for.</summary>
internal static class ClusterSeed
{
    public static async Task PlantAsync(Cluster cluster, EmulatorOptions options, CancellationToken ct)
    {
        foreach (string ns in (string[])["default", "kube-system", "kube-public", "kube-node-lease"])
        {
            Create(cluster, "v1", "Namespace", "", new JsonObject { ["metadata"] = new JsonObject { ["name"] = ns } });
            cluster.Namespaces.Provide(ns);
        }

        ApiService(cluster, options);
        foreach (string folder in options.CrdDirectories)
        {
            foreach (string file in Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".yaml" or ".yml" or ".json").Order(StringComparer.Ordinal))
            {
                foreach (JsonNode? document in YamlText.ParseAll(await File.ReadAllTextAsync(file, ct)))
                {
                    if (document is JsonObject crd && crd.Text("kind") == "CustomResourceDefinition")
                    {
                        Create(cluster, "apiextensions.k8s.io/v1", "CustomResourceDefinition", "", crd);
                    }
                }
            }
        }

        cluster.Crds.Refresh();
    }

    private static void ApiService(Cluster cluster, EmulatorOptions options)
    {
        var labels = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" };
        if ((options.ServiceCidr ?? options.ServiceCidr6) is not { } range)
        {
            return;
        }

        byte[] first = range.BaseAddress.GetAddressBytes();
        first[^1] |= 1;
        IPEndPoint? advertised = options.AdvertisedAddress;
        Create(cluster, "v1", "Service", "default", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "kubernetes", ["labels"] = labels },
            ["spec"] = new JsonObject
            {
                ["clusterIP"] = new IPAddress(first).ToString(),
                ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = 443, ["targetPort"] = advertised?.Port ?? 443 }),
            },
        });
        if (advertised is null)
        {
            return;
        }

        Create(cluster, "v1", "Endpoints", "default", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "kubernetes", ["labels"] = new JsonObject { ["endpointslice.kubernetes.io/skip-mirror"] = "true" } },
            ["subsets"] = new JsonArray(new JsonObject
            {
                ["addresses"] = new JsonArray(new JsonObject { ["ip"] = advertised.Address.ToString() }),
                ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = advertised.Port }),
            }),
        });
        Create(cluster, "discovery.k8s.io/v1", "EndpointSlice", "default", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "kubernetes", ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = "kubernetes" } },
            ["addressType"] = advertised.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6",
            ["endpoints"] = new JsonArray(new JsonObject
            {
                ["addresses"] = JsonPaths.ArrayOf(advertised.Address.ToString()),
                ["conditions"] = new JsonObject { ["ready"] = true },
            }),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = advertised.Port, ["protocol"] = "TCP" }),
        });
    }

    private static void Create(Cluster cluster, string apiVersion, string kind, string ns, JsonObject value)
    {
        ResourceType type = cluster.Catalog.Current.FindKind(apiVersion, kind)!;
        cluster.Writer.Create(type, ns, value, WriteContext.Internal("kube-apiserver"));
    }
}
