using Ambient.Cni;

string? command = Environment.GetEnvironmentVariable("CNI_COMMAND");
string input = await Console.In.ReadToEndAsync();
PluginResult result = await Plugin.RunAsync(command ?? "", input, Environment.GetEnvironmentVariable, TimeProvider.System);
await Console.Out.WriteLineAsync(result.Output);
return result.ExitCode;
