using System.CommandLine;
using System.Text.Json.Nodes;
using Ambient.Cli.Cluster;
using Ambient.Cli.Output;
using Ambient.Cli.Proxies;
using Ambient.Core;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl proxy-config workloads|services|policies|certificates|connections [POD|NODE]</c>: what a node proxy knows now.</summary>
internal static class ProxyConfigCommand
{
    private const string ConfigDump = "/config_dump";

    public static Command Create(TimeProvider time)
    {
        Command command = new("proxy-config", "Show what a node proxy knows: workloads, services, policies, certificates or connections.");
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
            Description = "the proxy's pod or node; without it all of them",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> address = new("--address") { Description = "the admin port's URL, instead of asking the cluster", HelpName = "url" };
        Option<OutputFormat> format = OutputOption.Create();
        MeshSourceOptions source = new();
        Command command = new(part, $"Show a node proxy's {part}.") { proxy, address, format };
        source.AddClusterTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            IReadOnlyList<(string Node, JsonNode Dump)> dumps = parsed.GetValue(address) is { } url
                ? [(url, await AdminSource.FromAddressAsync(url, ConfigDump, time, cancellation))]
                : await ClusterAccess.UseAsync(
                    parsed.GetValue(source.Kubeconfig), parsed.GetValue(source.Context), time,
                    async (client, ct) => (IReadOnlyList<(string, JsonNode)>)
                    [
                        .. (await AdminSource.FromPodsAsync(client, "ambient-ztunnel", parsed.GetValue(proxy), ProxyPorts.Admin, ConfigDump, ct))
                            .Select(a => (a.Pod.Spec?.NodeName ?? a.Pod.Metadata.Name, a.Answer)),
                    ],
                    cancellation);
            Printer.Print(
                parsed.InvocationConfiguration.Output,
                parsed.GetValue(format),
                () => new JsonArray([.. dumps.Select(d => new JsonObject { ["proxy"] = d.Node, [part] = ProxyTables.Json(part, d.Dump) })]),
                output => ProxyTables.Of(part, dumps).Write(output));
            return ExitCodes.Ok;
        });
        return command;
    }
}
