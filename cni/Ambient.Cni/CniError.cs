using System.Text.Json.Nodes;

namespace Ambient.Cni;

/// <summary>Errors as the runtime reads them (CNI specification 1.0, Error). Codes from 100 on are the plugin's own.</summary>
internal static class CniError
{
    internal const int Incompatible = 1, InvalidEnvironment = 4, Undecodable = 6, InvalidNetwork = 7, TryAgain = 11, NotAvailable = 50, Refused = 100;

    internal static PluginResult Of(string version, int code, string message, string details = "") => new(1, new JsonObject
    {
        ["cniVersion"] = version,
        ["code"] = code,
        ["msg"] = message,
        ["details"] = details,
    }.ToJsonString());
}
