using System.CommandLine;
using System.Text.Json.Nodes;
using Ambient.Cli.Cluster;
using Ambient.Cli.Output;
using Ambient.Cli.Proxies;
using Ambient.Core;
using Ambient.Kube.Resources;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl proxy-config PART [NAMESPACE/POD|NODE]</c>: what a node proxy, a waypoint or a gateway has now.</summary>
internal static class ProxyConfigCommand
{
    private const string ConfigDump = "/config_dump";

    public static Command Create(TimeProvider time)
    {
        Command command = new("proxy-config", "Show what a running proxy has: routes, clusters, endpoints and listeners of waypoints and gateways; workloads, services, policies, certificates; connections of node proxies.");
        foreach (string part in ProxyTables.Parts)
        {
            command.Subcommands.Add(Part(part, time));
        }

        return command;
    }

    private static Command Part(string part, TimeProvider time)
    {
        Argument<string?> proxy = new("proxy")
        {
            Description = "NAMESPACE/POD or NAMESPACE/GATEWAY of a waypoint or gateway; pod or node of a node proxy; without it all of them",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> address = new("--address") { Description = "the admin port's URL, instead of asking the cluster", HelpName = "url" };
        Option<OutputFormat> format = OutputOption.Create();
        MeshSourceOptions source = new();
        Command command = new(part, $"Show the {part} of running proxies.") { proxy, address, format };
        source.AddClusterTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            IReadOnlyList<(string Node, JsonNode Dump)> dumps = parsed.GetValue(address) is { } url
                ? [(url, await AdminSource.FromAddressAsync(url, ConfigDump, time, cancellation))]
                : await ClusterAccess.UseAsync(
                    parsed.GetValue(source.Kubeconfig), parsed.GetValue(source.Context), time,
                    async (client, ct) => (IReadOnlyList<(string, JsonNode)>)
                    [
                        .. (await AdminSource.FromPodsAsync(
                                client, await ProxyPods.ChooseAsync(client, parsed.GetValue(proxy), part, ct), ProxyPorts.Admin, ConfigDump, ct))
                            .Select(a => (NameOf(a.Pod), a.Answer)),
                    ],
                    cancellation);
            Printer.Print(
                parsed.InvocationConfiguration.Output,
                parsed.GetValue(format),
                () => new JsonArray([.. dumps.Select(d => new JsonObject { ["proxy"] = d.Node, [part] = ProxyTables.Json(part, d.Dump) })]),
                output => ProxyTables.Write(output, part, dumps),
                output => ProxyTables.Of(part, dumps).Write(output, wide: true));
            return ExitCodes.Ok;
        });
        return command;
    }

    // A node has one node proxy; of waypoints the pod is the name.
    private static string NameOf(Pod pod) => pod.Metadata.Namespace == MeshDefaults.SystemNamespace
        ? pod.Spec?.NodeName ?? pod.Metadata.Name
        : $"{pod.Metadata.Namespace}/{pod.Metadata.Name}";
}
