using Ambient.Ztunnel.Capture;
using Ambient.Ztunnel.Enrolment;

namespace Ambient.Ztunnel.Draining;

/// <summary>A pod's netns and listening sockets, from the process that opened them.</summary>
internal sealed record HandedPod(string Uid, Netns Netns, PodListeners Listeners);
