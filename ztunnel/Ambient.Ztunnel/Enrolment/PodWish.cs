using Ambient.Core.Workloads;

namespace Ambient.Ztunnel.Enrolment;

/// <summary>What is known of a pod from outside; the keeper brings the node in step with it.</summary>
/// <param name="Record">The runtime's word: where its netns is. Null for a pod older than the plugin.</param>
/// <param name="Answer">The operator's word; null while there is none, and then nothing changes.</param>
/// <param name="Gone">The pod has left the node.</param>
internal sealed record PodWish(PodRecord? Record, PodEnrolment? Answer, bool Gone)
{
    internal static PodWish Unknown { get; } = new(null, null, false);
}
