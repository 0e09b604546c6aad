using Ambient.Core.Workloads;

namespace Ambient.Routing.Endpoints;

/// <summary>An endpoint and the port by which it serves the one asked for.</summary>
internal readonly record struct Candidate(Workload Workload, int TargetPort);
