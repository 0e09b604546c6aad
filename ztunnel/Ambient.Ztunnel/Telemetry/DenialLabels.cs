namespace Ambient.Ztunnel.Telemetry;

/// <summary>Who denied: <paramref name="Policy"/> is <c>namespace/name</c> or <c>none</c>, <paramref name="Rule"/> an index or <c>none</c>.</summary>
internal readonly record struct DenialLabels(string Policy, string PolicyKind, string Rule, string Kind, string Workload, string Namespace);
