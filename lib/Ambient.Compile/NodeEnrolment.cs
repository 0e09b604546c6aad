using Ambient.Core.Workloads;

namespace Ambient.Compile;

/// <summary>The answer about one pod, and the node whose proxy gets it; the node is empty for a pod that is not scheduled.</summary>
public sealed record NodeEnrolment(string Node, PodEnrolment Enrolment);
