-- An event that was never loaded, or is being loaded, answers nothing else.
if epoch == '0' or loading then
  return reply('event.loading')
end
