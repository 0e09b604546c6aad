using System.CommandLine;
using System.Text.Json.Nodes;
using Ambient.Cli.Cluster;
using Ambient.Cli.Output;
using Ambient.Cli.Proxies;

namespace Ambient.Cli.Commands;

/// <summary><c>ambientctl proxy-status</c>: which proxies the operator serves and how far each is; 1 when one is behind or has refused something.</summary>
internal static class ProxyStatusCommand
{
    private const string Proxies = "/debug/proxies";
    private const int OperatorHttp = 15014;

    public static Command Create(TimeProvider time)
    {
        Option<string?> address = new("--address") { Description = "the operator's HTTP port, instead of asking the cluster", HelpName = "url" };
        Option<OutputFormat> format = OutputOption.Create();
        MeshSourceOptions source = new();
        Command command = new("proxy-status", "Show which proxies the operator serves, and whether they have taken what it sent.") { address, format };
        source.AddClusterTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            IReadOnlyList<JsonNode> answers = parsed.GetValue(address) is { } url
                ? [await AdminSource.FromAddressAsync(url, Proxies, time, cancellation)]
                : await ClusterAccess.UseAsync(
                    parsed.GetValue(source.Kubeconfig), parsed.GetValue(source.Context), time,
                    async (client, ct) => (IReadOnlyList<JsonNode>)
                        [.. (await AdminSource.FromPodsAsync(client, "ambient-operator", null, OperatorHttp, Proxies, ct)).Select(a => a.Answer)],
                    cancellation);
            JsonNode[] proxies = [.. answers.OfType<JsonArray>().SelectMany(a => a).OfType<JsonNode>()];
            Printer.Print(
                parsed.InvocationConfiguration.Output,
                parsed.GetValue(format),
                () => new JsonArray([.. proxies.Select(p => p.DeepClone())]),
                output => Table(proxies).Write(output),
                output => Table(proxies).Write(output, wide: true));
            return proxies.Length > 0 && proxies.All(IsSynced) ? ExitCodes.Ok : ExitCodes.Negative;
        });
        return command;
    }

    private static TextTable Table(JsonNode[] proxies)
    {
        TextTable table = new("PROXY", "NODE", "TYPE", "STATE", "SENT", "ACKED", "REFUSED");
        foreach (JsonNode proxy in proxies.OrderBy(p => p.Text("nodeId"), StringComparer.Ordinal))
        {
            JsonNode? caller = proxy.Child("caller");
            string type = proxy.Text("typeUrl");
            table.Add(
                caller is null ? proxy.Text("nodeId") : caller.Text("podName"), caller.Text("node"), type[(type.LastIndexOfAny(['/', '.']) + 1)..],
                IsSynced(proxy) ? "SYNCED" : proxy.Text("lastNack").Length > 0 ? "REFUSED" : "BEHIND",
                proxy.Text("sentVersion"), proxy.Text("ackedVersion"), proxy.Text("lastNack"));
        }

        return table;
    }

    private static bool IsSynced(JsonNode proxy) =>
        proxy.Text("lastNack").Length == 0 && proxy.Text("sentVersion") == proxy.Text("ackedVersion");
}
