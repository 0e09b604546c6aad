using System.CommandLine;
using System.Text.Json.Nodes;
using Ambient.Cli.Cluster;
using Ambient.Cli.Output;
using Ambient.Cli.Waypoints;

namespace Ambient.Cli.Commands;

/// <summary>
/// <c>ambientctl waypoint apply|list|status|delete|generate</c>: waypoints of a namespace. status, and apply with --wait, exit with 1 while
/// one is not ready.
/// </summary>
internal static class WaypointCommand
{
    private const string Enrolled = "ambient.dev/mesh";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static Command Create(TimeProvider time) => new("waypoint", "Make, show and remove waypoints: where requests are routed, limited and authorized.")
    {
        Apply(time), List(time), Status(time), Delete(time), Generate(),
    };

    private static Command Apply(TimeProvider time)
    {
        WaypointParameters of = new();
        MeshSourceOptions source = new();
        Option<bool> enrol = new("--enrol-namespace", "--enroll-namespace") { Description = "send the namespace's traffic through it (label ambient.dev/use-waypoint)" };
        Option<bool> overwrite = new("--overwrite") { Description = "with --enrol-namespace: also when the namespace uses another waypoint" };
        Option<bool> wait = new("--wait", "-w") { Description = "return when it is ready" };
        Option<OutputFormat> format = OutputOption.Create();
        Command command = new("apply", "Make a waypoint, or change it.") { enrol, overwrite, wait, format };
        of.AddTo(command);
        source.AddClusterTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            WaypointManifest manifest = of.Of(parsed);
            return await ClusterAccess.UseAsync(parsed.GetValue(source.Kubeconfig), parsed.GetValue(source.Context), time, async (client, ct) =>
            {
                WaypointCluster cluster = new(client, time);
                JsonNode labels = await NamespaceAsync(cluster, manifest.Namespace, ct);
                if (parsed.GetValue(enrol) && !parsed.GetValue(overwrite) && Used(labels) is { Length: > 0 } other && other != manifest.Name)
                {
                    throw new CliException(
                        ExitCodes.Negative, $"namespace {manifest.Namespace} uses the waypoint {other}", "label " + WaypointCluster.UseLabel, "it would send its traffic elsewhere",
                        "add --overwrite, or leave out --enrol-namespace");
                }

                await cluster.ApplyAsync(manifest, ct);
                // Whoever is sent to a waypoint that is not ready is refused: first it gets ready.
                WaypointView? view = parsed.GetValue(wait)
                    ? await cluster.WaitAsync(manifest.Namespace, manifest.Name, Patience, ct)
                    : await cluster.FindAsync(manifest.Namespace, manifest.Name, ct);
                bool bind = parsed.GetValue(enrol) && (!parsed.GetValue(wait) || view is { IsProgrammed: true });
                if (bind)
                {
                    await cluster.BindAsync(manifest.Namespace, manifest.Name, ct);
                    view = await cluster.FindAsync(manifest.Namespace, manifest.Name, ct);
                }

                Printer.Print(parsed.InvocationConfiguration.Output, parsed.GetValue(format), () => view!.ToJson(), output => Tell(output, view!, bind, IsEnrolled(labels)));
                return parsed.GetValue(wait) && view is not { IsProgrammed: true } ? ExitCodes.Negative : ExitCodes.Ok;
            }, cancellation);
        });
        return command;
    }

    private static Command List(TimeProvider time)
    {
        Option<string?> ns = Namespace("only this namespace; all without it");
        Option<OutputFormat> format = OutputOption.Create();
        MeshSourceOptions source = new();
        Command command = new("list", "List waypoints, of one namespace or of all.") { ns, format };
        source.AddClusterTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            IReadOnlyList<WaypointView> found = await ClusterAccess.UseAsync(
                parsed.GetValue(source.Kubeconfig), parsed.GetValue(source.Context), time,
                (client, ct) => new WaypointCluster(client, time).ListAsync(parsed.GetValue(ns), ct), cancellation);
            Printer.Print(parsed.InvocationConfiguration.Output, parsed.GetValue(format), () => Json(found), output => Table(found).Write(output), output => Table(found).Write(output, wide: true));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Status(TimeProvider time)
    {
        Option<string?> ns = Namespace("the namespace; default without it");
        Argument<string?> name = new("name") { Description = "one of them; all of the namespace without it", Arity = ArgumentArity.ZeroOrOne };
        Option<OutputFormat> format = OutputOption.Create();
        MeshSourceOptions source = new();
        Command command = new("status", "Show whether a namespace's waypoints are ready, and who uses them.") { name, ns, format };
        source.AddClusterTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            string of = parsed.GetValue(ns) ?? "default";
            string? only = parsed.GetValue(name);
            IReadOnlyList<WaypointView> found = await ClusterAccess.UseAsync(
                parsed.GetValue(source.Kubeconfig), parsed.GetValue(source.Context), time,
                async (client, ct) => (IReadOnlyList<WaypointView>)[.. (await new WaypointCluster(client, time).ListAsync(of, ct)).Where(w => only is null || w.Name == only)],
                cancellation);
            if (found.Count == 0)
            {
                throw new CliException(ExitCodes.Negative, "there is no such waypoint", $"namespace {of}", only ?? "", $"ambientctl waypoint apply -n {of}");
            }

            Printer.Print(parsed.InvocationConfiguration.Output, parsed.GetValue(format), () => Json(found), output =>
            {
                foreach (WaypointView view in found)
                {
                    Describe(output, view);
                }
            });
            return found.All(static w => w.IsProgrammed) ? ExitCodes.Ok : ExitCodes.Negative;
        });
        return command;
    }

    private static Command Delete(TimeProvider time)
    {
        Option<string?> ns = Namespace("the namespace; default without it");
        Argument<string[]> names = new("name") { Description = "which ones; waypoint without it", Arity = ArgumentArity.ZeroOrMore };
        Option<bool> all = new("--all") { Description = "all of the namespace" };
        MeshSourceOptions source = new();
        Command command = new("delete", "Remove waypoints; the namespace's own label that names one goes first, so that no request is refused.") { names, ns, all };
        source.AddClusterTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            string of = parsed.GetValue(ns) ?? "default";
            await ClusterAccess.UseAsync(parsed.GetValue(source.Kubeconfig), parsed.GetValue(source.Context), time, async (client, ct) =>
            {
                WaypointCluster cluster = new(client, time);
                string[] which = parsed.GetValue(all) ? [.. (await cluster.ListAsync(of, ct)).Select(static w => w.Name)]
                    : parsed.GetValue(names) is { Length: > 0 } given ? given : [WaypointParameters.StandardName];
                foreach (string name in which)
                {
                    await DeleteOneAsync(cluster, of, name, parsed.InvocationConfiguration.Output, ct);
                }

                return true;
            }, cancellation);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Generate()
    {
        WaypointParameters of = new();
        Option<OutputFormat> format = OutputOption.Create();
        Command command = new("generate", "Print the Gateway that apply would write.") { format };
        of.AddTo(command);
        command.SetAction(parsed =>
        {
            JsonObject manifest = of.Of(parsed).ToJson();
            Printer.Print(parsed.InvocationConfiguration.Output, parsed.GetValue(format), () => manifest, output => YamlText.Write(output, manifest));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task DeleteOneAsync(WaypointCluster cluster, string ns, string name, TextWriter output, CancellationToken cancellation)
    {
        if (await cluster.FindAsync(ns, name, cancellation) is not { } view)
        {
            throw new CliException(ExitCodes.Negative, "there is no such waypoint", $"{ns}/{name}", "", "ambientctl waypoint list");
        }

        await cluster.DeleteAsync(ns, name, cancellation);
        output.WriteLine($"waypoint {ns}/{name} is deleted");
        foreach (string user in view.Users.Where(u => u != $"Namespace {ns}"))
        {
            output.WriteLine($"  {user} still names it: its traffic is refused until the label is changed");
        }
    }

    private static async Task<JsonNode> NamespaceAsync(WaypointCluster cluster, string ns, CancellationToken cancellation) =>
        await cluster.NamespaceLabelsAsync(ns, cancellation)
            ?? throw new CliException(ExitCodes.Negative, "there is no such namespace", ns, "", $"kubectl create namespace {ns}");

    private static string Used(JsonNode labels) => Proxies.NodeText.Text(labels, WaypointCluster.UseLabel) is { Length: > 0 } ours
        ? ours
        : Proxies.NodeText.Text(labels, "istio.io/use-waypoint");

    private static bool IsEnrolled(JsonNode labels) => Proxies.NodeText.Text(labels, Enrolled) == "enabled"
        || Proxies.NodeText.Text(labels, "istio.io/dataplane-mode") == "ambient" || Proxies.NodeText.Text(labels, "istio-injection") == "enabled";

    private static void Tell(TextWriter output, WaypointView view, bool bound, bool enrolled)
    {
        output.WriteLine($"waypoint {view.Namespace}/{view.Name} applied");
        Paragraph.Write(output, view.IsProgrammed ? $"ready at {view.Address}" : $"not ready yet: {view.Message}", indent: 2);
        if (bound)
        {
            output.WriteLine($"  namespace {view.Namespace} uses it");
        }

        if (!enrolled)
        {
            output.WriteLine($"  namespace {view.Namespace} is not in the mesh: kubectl label namespace {view.Namespace} {Enrolled}=enabled");
        }
    }

    private static void Describe(TextWriter output, WaypointView view)
    {
        output.WriteLine($"{view.Namespace}/{view.Name}: {(view.IsProgrammed ? "ready" : "not ready")}");
        Paragraph.Write(output, $"{view.Reason}: {view.Message}", indent: 2);
        output.WriteLine($"  pods     {view.ReadyPods} of {view.Pods} ready");
        output.WriteLine($"  address  {(view.Address.Length > 0 ? view.Address : "-")}");
        output.WriteLine($"  for      {view.For}");
        Paragraph.Write(
            output, $"{(view.Users.Count == 0 ? "nobody" : string.Join(", ", view.Users.Take(20)))}{(view.Users.Count > 20 ? $" and {view.Users.Count - 20} more" : "")}", "  used by  ", "           ");
    }

    private static TextTable Table(IReadOnlyList<WaypointView> found)
    {
        TextTable table = new("NAMESPACE", "NAME", "FOR", "READY", "PODS", "ADDRESS", "REASON");
        foreach (WaypointView view in found)
        {
            table.Add(view.Namespace, view.Name, view.For, view.IsProgrammed ? "yes" : "no", $"{view.ReadyPods}/{view.Pods}", view.Address, view.Reason);
        }

        return table;
    }

    private static JsonArray Json(IReadOnlyList<WaypointView> found) => new([.. found.Select(static w => w.ToJson())]);

    private static Option<string?> Namespace(string description) => new("--namespace", "-n") { Description = description, HelpName = "namespace" };
}
