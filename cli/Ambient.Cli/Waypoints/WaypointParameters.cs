using System.CommandLine;
using System.CommandLine.Parsing;

namespace Ambient.Cli.Waypoints;

/// <summary>The options that make a waypoint.</summary>
internal sealed class WaypointParameters
{
    public const string StandardName = "waypoint";

    private readonly Option<string> _namespace = new("--namespace", "-n") { Description = "its namespace", HelpName = "namespace", DefaultValueFactory = static _ => "default" };
    private readonly Option<string> _name = new("--name") { Description = "its name", HelpName = "name", DefaultValueFactory = static _ => StandardName };
    private readonly Option<string> _for = new("--for") { Description = "what it takes: service, workload or all", HelpName = "traffic", DefaultValueFactory = static _ => "service" };
    private readonly Option<int?> _replicas = new("--replicas") { Description = "pods; without it the installation's number, then an autoscaler's or yours", HelpName = "number" };

    public WaypointParameters()
    {
        _for.CompletionSources.Clear();
        _for.CompletionSources.Add("service", "workload", "all");
        _for.Validators.Add(static result => Require(
            result, result.GetValueOrDefault<string>() is "service" or "workload" or "all", "is nothing that a waypoint takes; choose service, workload or all"));
        _name.Validators.Add(static result => Require(result, IsName(result.GetValueOrDefault<string>()), "is no name: lower-case letters, digits and '-', at most 63"));
        _replicas.Validators.Add(static result => Require(result, result.GetValueOrDefault<int?>() is null or (>= 0 and <= 1000), "is no number from 0 to 1000"));
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_namespace);
        command.Options.Add(_name);
        command.Options.Add(_for);
        command.Options.Add(_replicas);
    }

    public WaypointManifest Of(ParseResult parsed) => new(
        parsed.GetValue(_namespace)!, parsed.GetValue(_name)!, parsed.GetValue(_for)!, parsed.GetValue(_replicas));

    private static void Require(OptionResult result, bool holds, string problem)
    {
        if (!holds)
        {
            result.AddError($"'{string.Join(' ', result.Tokens.Select(t => t.Value))}' {problem}");
        }
    }

    private static bool IsName(string? name) => name is { Length: > 0 and <= 63 }
        && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && name[0] != '-' && name[^1] != '-';
}
